package dev.orchestrator.app.link;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.reflect.AccessFlag;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Part of the build: makes at once what javac leaves for the JVM to make at each start.
///
/// javac compiles a `switch` over types, and `equals` and `hashCode` of a record, to an
/// `invokedynamic` whose code the JVM generates when it is first reached: one to two milliseconds
/// each, and the memory of the class-file library. The AOT cache of JDK 25 keeps that work for
/// lambdas and string concatenation only (JEP 483). Here each such instruction becomes a call of a
/// private static method that does the same.
///
/// What it does not know it leaves alone: such a program is slower to start, and no less right.
public final class LinkAhead {
  private final ClassFile classFile;

  /// Looks classes up where the program will, because frames of rewritten methods name them.
  LinkAhead(ClassLoader classes) {
    classFile =
        ClassFile.of(
            ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(classes)
                    .orElse(ClassHierarchyResolver.defaultResolver())));
  }

  /// Puts the program and its libraries into one jar.
  ///
  /// @param paths of the jar to be made, and of the program's, whose manifest names the others in
  ///   their order
  /// @throws IOException if one cannot be read or written
  public static void main(String[] paths) throws IOException {
    var link = new LinkAhead(LinkAhead.class.getClassLoader());
    OneJar.write(Path.of(paths[0]), Path.of(paths[1]), link::link);
  }

  /// The same class with what could be linked ahead.
  byte[] link(byte[] bytes) {
    var model = classFile.parse(bytes);
    if (LazyDecimals.concerns(model)) {
      return LazyDecimals.link(classFile, model);
    }
    if (NativeLibraries.isLoader(model)) {
      return NativeLibraries.link(classFile, model);
    }
    if (!hasDynamicCalls(model)) {
      return bytes;
    }
    var added = new ArrayList<Linked>();
    var isInterface = model.flags().has(AccessFlag.INTERFACE);
    var self = model.thisClass().asSymbol();
    var calls =
        ClassTransform.transformingMethodBodies((code, element) -> {
          var linked = linked(element, added.size());
          if (linked.isEmpty()) {
            code.with(element);
          } else {
            var it = linked.get();
            added.add(it);
            code.invokestatic(self, it.name(), it.type(), isInterface);
          }
        });
    var methods =
        ClassTransform.endHandler(builder ->
            added.forEach(it ->
                builder.withMethodBody(
                    it.name(),
                    it.type(),
                    ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC,
                    it.body())));
    return classFile.transformClass(model, calls.andThen(methods));
  }

  private static boolean hasDynamicCalls(ClassModel model) {
    return model.methods().stream()
        .flatMap(it -> it.code().stream())
        .flatMap(it -> it.elementStream())
        .anyMatch(it -> linked(it, 0).isPresent());
  }

  private static Optional<Linked> linked(CodeElement element, int number) {
    if (!(element instanceof InvokeDynamicInstruction call)) {
      return Optional.empty();
    }
    var arguments = List.copyOf(call.bootstrapArgs());
    return switch (call.bootstrapMethod().owner().displayName()
        + "."
        + call.bootstrapMethod().methodName()) {
      case "SwitchBootstraps.typeSwitch" ->
          TypeSwitch.of(arguments, call.typeSymbol())
              .map(it -> new Linked("typeSwitch$" + number, call.typeSymbol(), it));
      case "ObjectMethods.bootstrap" ->
          RecordMethods.of(call.name().stringValue(), arguments)
              .map(it -> new Linked("record$" + number, call.typeSymbol(), it));
      default -> Optional.empty();
    };
  }
}
