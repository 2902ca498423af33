"""What joins both packages: demo, schedule, takedown, moving a library."""
