"""Where the raw answers come from: the token APIs or the login of the app."""
