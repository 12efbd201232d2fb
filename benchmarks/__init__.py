"""Each engine measured side by side with its peers, one command for each."""
