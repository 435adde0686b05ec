package dev.orchestrator.app.link;

import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.math.BigDecimal;
import java.math.BigInteger;

/// Jackson's limits of whole numbers as decimals, made where they are used instead of with the
/// first parser.
///
/// The JDK's class of decimals squares its way up to 5^65536 when it is loaded, which takes 15 to
/// 30 milliseconds as long as nothing is compiled. Numbers with a point are seldom read as whole
/// ones.
final class LazyDecimals {
  private static final String KEEPER = "tools/jackson/core/base/ParserMinimalBase";
  private static final String USER = "tools/jackson/core/base/ParserBase";
  private static final int LIMITS = 4;
  private static final ClassDesc DECIMAL = ClassDesc.of(BigDecimal.class.getName());
  private static final ClassDesc WHOLE = ClassDesc.of(BigInteger.class.getName());

  private final boolean isKeeper;
  private boolean skipping;
  private int changed;

  private LazyDecimals(boolean isKeeper) {
    this.isKeeper = isKeeper;
  }

  static boolean concerns(ClassModel model) {
    return model.thisClass().name().equalsString(KEEPER)
        || model.thisClass().name().equalsString(USER);
  }

  /// The class without them, or with what makes them in their places.
  ///
  /// @throws IllegalStateException if this is not the library that this knows
  static byte[] link(ClassFile classFile, ClassModel model) {
    var it = new LazyDecimals(model.thisClass().name().equalsString(KEEPER));
    var bytes = classFile.transformClass(model, ClassTransform.transformingMethodBodies(it::next));
    if (it.changed != LIMITS) {
      throw new IllegalStateException(
          "%s uses %d decimals and not %d; look at it again"
              .formatted(model.thisClass().asInternalName(), it.changed, LIMITS));
    }
    return bytes;
  }

  private void next(CodeBuilder code, CodeElement element) {
    if (isKeeper) {
      leaveOut(code, element);
    } else if (element instanceof FieldInstruction it && isLimit(it)) {
      var limit = "BI" + it.name().stringValue().substring(2);
      code.new_(DECIMAL)
          .dup()
          .getstatic(it.owner().asSymbol(), limit, WHOLE)
          .invokespecial(DECIMAL, INIT_NAME, MethodTypeDesc.of(CD_void, WHOLE));
      changed++;
    } else {
      code.with(element);
    }
  }

  /// From the instruction that begins a decimal to the one that keeps it.
  private void leaveOut(CodeBuilder code, CodeElement element) {
    if (element instanceof NewObjectInstruction it && it.className().asSymbol().equals(DECIMAL)) {
      skipping = true;
    }
    if (!skipping) {
      code.with(element);
    } else if (element instanceof FieldInstruction it
        && it.opcode() == Opcode.PUTSTATIC
        && isLimit(it)) {
      skipping = false;
      changed++;
    }
  }

  private static boolean isLimit(FieldInstruction it) {
    return it.typeSymbol().equals(DECIMAL) && it.name().stringValue().startsWith("BD_");
  }
}
