package main

func writeTable(r4, us *pack, dir string) error { return nil }
