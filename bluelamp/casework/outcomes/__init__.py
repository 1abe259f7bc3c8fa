"""How it ended: one current outcome for each crime, with its history. Not written yet."""
