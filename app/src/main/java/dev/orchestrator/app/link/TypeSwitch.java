package dev.orchestrator.app.link;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Which label of a `switch` over types a value has, as [java.lang.runtime.SwitchBootstraps] says:
/// -1 for null; the first one at or behind the second argument that fits; else their number.
record TypeSwitch(List<ClassDesc> labels) implements Consumer<CodeBuilder> {
  private static final int VALUE = 0;
  private static final int FROM = 1;

  /// What finds the label, if it is known how.
  ///
  /// @return empty if there are labels that are not types of objects
  static Optional<Consumer<CodeBuilder>> of(List<ConstantDesc> labels, MethodTypeDesc type) {
    return labels.stream().allMatch(it -> it instanceof ClassDesc c && !c.isPrimitive())
            && !type.parameterType(0).isPrimitive()
        ? Optional.of(new TypeSwitch(labels.stream().map(ClassDesc.class::cast).toList()))
        : Optional.empty();
  }

  @Override
  public void accept(CodeBuilder code) {
    var isThere = code.newLabel();
    code.aload(VALUE).ifnonnull(isThere).iconst_m1().ireturn().labelBinding(isThere);
    for (var index = 0; index < labels.size(); index++) {
      var next = code.newLabel();
      code.iload(FROM).loadConstant(index).if_icmpgt(next);
      code.aload(VALUE).instanceOf(labels.get(index)).ifeq(next);
      code.loadConstant(index).ireturn().labelBinding(next);
    }
    code.loadConstant(labels.size()).ireturn();
  }
}
