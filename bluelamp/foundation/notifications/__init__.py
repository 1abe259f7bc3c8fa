"""E-mails and texts to people outside, through GOV.UK Notify by its published API.

In: a template's name, an address, and the words that fill its gaps. Out: a message kept on record,
sent by a job soon after, and what became of it. Words: a *message* waits, is sent, is delivered or
is not; it is *held* where no service is set up. Templates are files in `words/`, in Notify's own
notation, one for each kind: a force copies them into its Notify account under the same names.

It must never send in the request that asks for it, never send twice for one `once`, and never put
anything in a message that the person it goes to may not know: texts and e-mails are read over
shoulders.
"""
