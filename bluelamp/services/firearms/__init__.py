"""Firearms certificates. So far only the questions of an application, in `question_sets`."""
