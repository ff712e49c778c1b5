package io.busbar.json;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import java.lang.reflect.Type;

/**
 * Refuses every type that no other factory supports. Otherwise Gson would read its fields by its
 * own rules, which are not strict.
 */
final class UnknownTypes implements TypeAdapterFactory {
    @Override
    public <T> TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
        throw refusal(type.getType());
    }

    /**
     * Whether Gson reads the type by its own rules, which are not strict, and cannot be stopped.
     */
    static boolean isOpen(Class<?> type) {
        return type == Object.class || JsonElement.class.isAssignableFrom(type);
    }

    static IllegalArgumentException refusal(Type type) {
        return new IllegalArgumentException(
                type.getTypeName()
                        + ": cannot be bound (expected: a record, one of the types that JsonMapper"
                        + " names, or one that its builder was told)");
    }
}
