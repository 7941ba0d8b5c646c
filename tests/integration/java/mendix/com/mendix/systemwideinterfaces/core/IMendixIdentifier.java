package com.mendix.systemwideinterfaces.core;

public interface IMendixIdentifier {
	long toLong();
}
