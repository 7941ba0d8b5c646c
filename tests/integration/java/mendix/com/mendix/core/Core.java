package com.mendix.core;

import com.mendix.core.actionmanagement.UserActionCallBuilder;
import com.mendix.core.conf.Configuration;
import com.mendix.logging.ILogNode;

/** The part of Mendix's runtime that the actions call, played by whoever runs them. */
public final class Core {
	public interface Runtime {
		ILogNode logger(String name);

		Configuration configuration();

		UserActionCallBuilder userActionCall(String name);
	}

	public static Runtime runtime;

	private Core() {}

	public static ILogNode getLogger(String name) {
		return runtime.logger(name);
	}

	public static Configuration getConfiguration() {
		return runtime.configuration();
	}

	public static UserActionCallBuilder userActionCall(String name) {
		return runtime.userActionCall(name);
	}
}
