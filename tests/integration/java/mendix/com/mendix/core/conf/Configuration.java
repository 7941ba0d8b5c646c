package com.mendix.core.conf;

public interface Configuration {
	Object getConstantValue(String name);
}
