package dev.orchestrator.app.link;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/// tree-sitter's libraries, loaded from where the distribution has them.
///
/// The library's own `NativeUtils.loadLib` reads each of them as a file and once more from its jar,
/// and compares: megabytes, at every start. What the build has unpacked is what it is.
final class NativeLibraries {
  private static final ClassDesc TEXT = ConstantDescs.CD_String;
  private static final ClassDesc SYSTEM = ClassDesc.of("java.lang.System");

  /// Where the launcher says that the libraries are; the library's own property.
  private static final String FOLDER = "tree-sitter-lib";

  private NativeLibraries() {}

  static boolean isLoader(ClassModel model) {
    return model.thisClass().name().equalsString("org/treesitter/utils/NativeUtils");
  }

  static byte[] link(ClassFile classFile, ClassModel model) {
    var self = model.thisClass().asSymbol();
    return classFile.transformClass(
        model,
        (builder, element) -> {
          if (element instanceof MethodModel it && it.methodName().equalsString("loadLib")) {
            builder.withMethodBody(
                it.methodName(), it.methodType(), it.flags().flagsMask(), code -> load(code, self));
          } else {
            builder.with(element);
          }
        });
  }

  private static void load(CodeBuilder code, ClassDesc self) {
    var concat = MethodTypeDesc.of(TEXT, TEXT);
    code.loadConstant(FOLDER)
        .invokestatic(SYSTEM, "getProperty", concat)
        .loadConstant("/")
        .invokevirtual(TEXT, "concat", concat)
        .aload(0)
        .invokestatic(self, "getFullLibName", concat)
        .invokevirtual(TEXT, "concat", concat)
        .invokestatic(SYSTEM, "load", MethodTypeDesc.of(ConstantDescs.CD_void, TEXT))
        .return_();
  }
}
