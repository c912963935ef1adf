package app

// Version is the program's version, the same as in FyneApp.toml.
const Version = "0.1.0"
