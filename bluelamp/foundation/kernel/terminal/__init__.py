"""What programs print on a terminal (`command_line`) and write to their log (`logging`)."""
