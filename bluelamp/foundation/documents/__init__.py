"""Documents as PDF: archival (PDF/A-2a), tagged (PDF/UA-1), and signed where they must be."""
