/// Layers of configuration, each value with its origin.
///
/// | start with          | for                                                        |
/// |---------------------|------------------------------------------------------------|
/// | [Settings]          | loading the layers, asking for a value, what holds and why |
/// | [SettingsSources]   | where the layers come from                                 |
/// | [SettingsException] | what is said when they cannot be used                      |
/// | [Key]               | one known key; all of them stand in [KeyTable]             |
/// | [Tightening]        | what a project's file may change                           |
///
/// **Depends on** nothing of ours. **Invariant:** nothing that a project's file says loosens what
/// the user has set or what holds by default.
@NullMarked
package dev.orchestrator.engine.settings;

import org.jspecify.annotations.NullMarked;
