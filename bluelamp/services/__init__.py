"""What people ask of us, beside the flow of casework."""
