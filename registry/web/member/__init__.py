"""What an organisation's people see after signing in, from the application to the badge."""
