"""Encounters of officers: stops, searches, property found, missing people, deaths and risks.

The first stage of the flow, beside reports. An encounter is the answers to a question set, as an
officer's phone or the desk sent them, and never changes: a correction is a new encounter that
follows it. What is searched for or published also stands in columns of its own.

Who may see one: whoever recorded it, and supervisors. Who is in charge of a crime sees the risk
assessments of its victims; `crimes` decides that, the later stage.
"""
