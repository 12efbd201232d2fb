"""Files and registers in, one StudyArea out."""
