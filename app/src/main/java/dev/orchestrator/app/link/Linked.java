package dev.orchestrator.app.link;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Consumer;

/// A static method that stands in for what the JVM would have made.
///
/// @param type of the method and of the instruction that it replaces
record Linked(String name, MethodTypeDesc type, Consumer<CodeBuilder> body) {}
