"""What pages are put together from: each module draws one thing."""
