// Compiled once so that the precompiled header can be shared by all libraries.
