"""E-mails, texts and letters to people outside, through GOV.UK Notify by its published API.

In: a template's name, an address, and the values of the template's placeholders. Out: a message on
record, sent by a job soon after, and what became of it. A message that could not be delivered is
listed until a member of staff deals with it.

Templates are files in `templates/`, in Notify's own notation, one for each kind of message. Those
with `.cy` in their name are in Welsh. A force copies them into its Notify account under the same
names.

It must never send within the request that asks for a message, and never send twice for one
idempotency key. A text or e-mail can be read by whoever hurt the person it goes to, so no template
names the kind of crime or anything that was reported.
"""
