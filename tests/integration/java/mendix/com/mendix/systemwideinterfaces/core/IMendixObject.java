package com.mendix.systemwideinterfaces.core;

public interface IMendixObject {
	IMendixIdentifier getId();

	String getType();

	boolean hasMember(String name);

	<T> T getValue(IContext context, String name);
}
