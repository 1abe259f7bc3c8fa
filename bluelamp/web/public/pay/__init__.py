"""Pay: what is to be paid, to GOV.UK Pay and back, and the receipt.

A payment is reached by its link alone. That a browser came back means nothing: each page shows what
GOV.UK Pay said to us.
"""
