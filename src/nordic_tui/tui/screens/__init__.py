"""What fills the window. A screen asks the services and hands values to its widgets."""
