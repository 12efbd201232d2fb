"""The search for a week in compiled code: ruin and recreate over patterns and routes of all days."""
