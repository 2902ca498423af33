// Shows a button beside each feed address that copies it. Without script the address can be selected by hand.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const said = document.getElementById("copied");
  // Of "Copy the Atom address", all but the first word is for those who hear the page.
  const word = button.firstChild;
  button.hidden = false;
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy");
    }
    word.data = "Copied";
    said.textContent = "The address is copied.";
    setTimeout(() => { word.data = "Copy"; said.textContent = ""; }, 2500);
  });
}
