package dev.orchestrator.app.link;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/// `equals` and `hashCode` of a record, as [java.lang.runtime.ObjectMethods] makes them. `toString`
/// is for people and left to it.
final class RecordMethods {
  private static final ClassDesc OBJECTS = ClassDesc.of(Objects.class.getName());
  private static final int SELF = 0;
  private static final int OTHER = 1;
  private static final int PRIME = 31;

  private RecordMethods() {}

  /// What makes a method of this name, if it is known.
  ///
  /// @param arguments of the bootstrap method: the record, its names, and a getter for each field
  /// @return empty for other methods
  static Optional<Consumer<CodeBuilder>> of(String name, List<ConstantDesc> arguments) {
    var type = (ClassDesc) arguments.getFirst();
    var fields =
        arguments.stream().skip(2).map(it -> Field.of((DirectMethodHandleDesc) it)).toList();
    return switch (name) {
      case "equals" -> Optional.of(code -> equals(code, type, fields));
      case "hashCode" -> Optional.of(code -> hashCode(code, type, fields));
      default -> Optional.empty();
    };
  }

  private record Field(String name, ClassDesc type) {
    static Field of(DirectMethodHandleDesc getter) {
      return new Field(getter.methodName(), getter.invocationType().returnType());
    }

    /// The class whose static methods compare and hash values of this type.
    ClassDesc helper() {
      return switch (type.descriptorString()) {
        case "Z" -> ConstantDescs.CD_Boolean;
        case "B" -> ConstantDescs.CD_Byte;
        case "C" -> ConstantDescs.CD_Character;
        case "S" -> ConstantDescs.CD_Short;
        case "I" -> ConstantDescs.CD_Integer;
        case "J" -> ConstantDescs.CD_Long;
        case "F" -> ConstantDescs.CD_Float;
        case "D" -> ConstantDescs.CD_Double;
        default -> OBJECTS;
      };
    }

    ClassDesc passedAs() {
      return type.isPrimitive() ? type : ConstantDescs.CD_Object;
    }
  }

  private static void equals(CodeBuilder code, ClassDesc type, List<Field> fields) {
    var differ = code.newLabel();
    code.aload(OTHER).instanceOf(type).ifeq(differ);
    var other = code.allocateLocal(TypeKind.REFERENCE);
    code.aload(OTHER).checkcast(type).astore(other);
    for (var field : fields) {
      code.aload(SELF).getfield(type, field.name(), field.type());
      code.aload(other).getfield(type, field.name(), field.type());
      if (field.type().isPrimitive()) {
        var compared = MethodTypeDesc.of(ConstantDescs.CD_int, field.type(), field.type());
        code.invokestatic(field.helper(), "compare", compared).ifne(differ);
      } else {
        code.invokestatic(
                OBJECTS,
                "equals",
                MethodTypeDesc.of(
                    ConstantDescs.CD_boolean, ConstantDescs.CD_Object, ConstantDescs.CD_Object))
            .ifeq(differ);
      }
    }
    code.iconst_1().ireturn().labelBinding(differ).iconst_0().ireturn();
  }

  private static void hashCode(CodeBuilder code, ClassDesc type, List<Field> fields) {
    code.iconst_0();
    for (var field : fields) {
      code.loadConstant(PRIME).imul();
      code.aload(SELF).getfield(type, field.name(), field.type());
      code.invokestatic(
          field.helper(), "hashCode", MethodTypeDesc.of(ConstantDescs.CD_int, field.passedAs()));
      code.iadd();
    }
    code.ireturn();
  }
}
