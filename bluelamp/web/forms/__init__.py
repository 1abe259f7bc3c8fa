"""Forms of the question engine, for every front end: pages, lists of rows, tasks, answers."""
