package io.busbar.karaf.jdk24;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.hooks.weaving.WovenClass;

/**
 * Points the calls of Karaf's classes that JDK 24 no longer answers at {@link Subjects}. Stateless;
 * called by any thread that loads a class.
 */
final class SubjectWeaver implements WeavingHook {
    private static final String SUBJECTS = Type.getInternalName(Subjects.class);
    private static final String CONTEXT = "Ljava/security/AccessControlContext;)";

    @Override
    public void weave(WovenClass woven) {
        if (!woven.getClassName().startsWith("org.apache.karaf.")) {
            return;
        }
        byte[] changed = redirect(woven.getBytes());
        if (changed != null) {
            woven.setBytes(changed);
            woven.getDynamicImports().add(Subjects.class.getPackageName());
        }
    }

    /** The class with its calls redirected, or null if it makes none. */
    static byte @Nullable [] redirect(byte[] original) {
        ClassReader reader = new ClassReader(original);
        ClassWriter writer = new ClassWriter(reader, 0);
        Calls calls = new Calls(writer);
        reader.accept(calls, 0);
        return calls.found ? writer.toByteArray() : null;
    }

    private static boolean isRedirected(String owner, String name, String descriptor) {
        return switch (owner) {
            case "javax/security/auth/Subject" ->
                    name.equals("getSubject") && descriptor.startsWith("(" + CONTEXT);
            case "java/security/AccessController" ->
                    name.equals("doPrivileged") && descriptor.contains(CONTEXT);
            default -> false;
        };
    }

    private static final class Calls extends ClassVisitor {
        private boolean found;

        Calls(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            return new MethodVisitor(
                    api, super.visitMethod(access, name, descriptor, signature, exceptions)) {
                @Override
                public void visitMethodInsn(
                        int opcode, String owner, String called, String type, boolean onInterface) {
                    boolean redirected = isRedirected(owner, called, type);
                    found |= redirected;
                    super.visitMethodInsn(
                            opcode, redirected ? SUBJECTS : owner, called, type, onInterface);
                }
            };
        }
    }
}
