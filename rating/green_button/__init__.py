"""Green Button files as interval reads."""
