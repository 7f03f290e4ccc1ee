"""Company names: normalised, compared and found."""
