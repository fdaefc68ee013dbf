package app

// Version is Paperchart's own version.
const Version = "0.1.0"
