"""How it ended: one current outcome a crime, with its history. Later work furnishes this room."""
