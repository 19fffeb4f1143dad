"""When personal talk runs long: the policy, and the ways to tell the user."""
