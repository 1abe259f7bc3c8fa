"""What makes an instance fit for real data: one function for each thing that `bluelamp check` says.

In: the settings, the files and the database of this node. Out: "" where it is fit, else what is
wrong and what to do about it. Nothing is changed.
"""
