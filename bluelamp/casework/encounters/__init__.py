"""What officers met: stop and search, risk assessments. Capture; later work furnishes this room."""
