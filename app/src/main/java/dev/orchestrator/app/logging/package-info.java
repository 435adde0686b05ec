/// The log file, for whoever debugs the program; nothing is logged to the terminal.
@NullMarked
package dev.orchestrator.app.logging;

import org.jspecify.annotations.NullMarked;
