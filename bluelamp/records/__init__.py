"""What every stage refers to: people, evidence, reference data. It must never know what a crime's
stage is.
"""
