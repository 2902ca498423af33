// Shows a button beside each feed address that copies it. Without script the address can be selected by hand.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const said = document.getElementById("copied");
  button.hidden = false;
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy");
    }
    button.textContent = "Copied";
    said.textContent = "The address is copied.";
    setTimeout(() => { button.textContent = "Copy"; said.textContent = ""; }, 2500);
  });
}
