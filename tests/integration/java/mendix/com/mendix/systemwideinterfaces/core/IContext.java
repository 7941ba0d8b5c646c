package com.mendix.systemwideinterfaces.core;

public interface IContext {}
