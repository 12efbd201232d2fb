"""Roads in, travel times and ways out."""
