package com.mendix.logging;

public interface ILogNode {
	void error(Object message);

	void warn(Object message);

	void debug(Object message);

	boolean isDebugEnabled();
}
