import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;

/**
 * Writes the bytes that Kafka's own client writes for the values in cases.json: for each API and version one pair of
 * bodies (no headers). A newer client overwrites what an older one wrote, after checking that both agree.
 */
public class GoldenBytes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MESSAGES = "org.apache.kafka.common.message.";

    public static void main(String[] args) throws Exception {
        for (JsonNode api : JSON.readTree(new File(args[0]))) {
            writeApi(api, new File(args[1]), args[2]);
        }
    }

    private static void writeApi(JsonNode api, File directory, String client) throws Exception {
        String name = api.get("api").asText();
        ApiKeys key = ApiKeys.forId(api.get("key").asInt());
        File file = new File(directory, kebab(name) + ".json");
        ObjectNode fixture = file.exists() ? (ObjectNode) JSON.readTree(file) : JSON.createObjectNode();
        ObjectNode versions = fixture.withObject("/versions");
        fixture.put("api", name).put("key", key.id);
        for (int version = api.get("from").asInt(); version <= api.get("to").asInt(); version++) {
            if (version < key.oldestVersion() || version > key.latestVersion()) continue;
            ObjectNode entry = JSON.createObjectNode().put("client", client);
            entry.set("request", golden(name + "RequestData", api.get("request"), (short) version));
            entry.set("response", golden(name + "ResponseData", api.get("response"), (short) version));
            checkAgreement(name, version, versions.get(String.valueOf(version)), entry);
            versions.set(String.valueOf(version), entry);
        }
        ObjectNode ordered = JSON.createObjectNode();
        for (int version = 0; version <= 99; version++) {
            JsonNode entry = versions.get(String.valueOf(version));
            if (entry != null) ordered.set(String.valueOf(version), entry);
        }
        fixture.set("versions", ordered);
        JSON.writerWithDefaultPrettyPrinter().writeValue(file, fixture);
    }

    private static ObjectNode golden(String type, JsonNode values, short version) throws Exception {
        Class<?> converter = Class.forName(MESSAGES + type + "JsonConverter");
        Class<?> data = Class.forName(MESSAGES + type);
        Schema schema = ((Schema[]) data.getField("SCHEMAS").get(null))[version];
        JsonNode known = keepKnown(values, schema);
        Message message = (Message) converter.getMethod("read", JsonNode.class, short.class).invoke(null, known, version);
        ObjectSerializationCache cache = new ObjectSerializationCache();
        byte[] body = new byte[message.size(cache, version)];
        message.write(new ByteBufferAccessor(ByteBuffer.wrap(body)), cache, version);
        ObjectNode result = JSON.createObjectNode();
        result.set("values", (JsonNode) converter.getMethod("write", data, short.class).invoke(null, message, version));
        return result.put("hex", HexFormat.of().formatHex(body));
    }

    /** The values that this version of the message has fields for: cases.json holds those of all versions. */
    private static JsonNode keepKnown(JsonNode value, Type type) throws ReflectiveOperationException {
        if (value.isArray() && type.arrayElementType().isPresent()) {
            ArrayNode kept = JSON.createArrayNode();
            for (JsonNode element : value) kept.add(keepKnown(element, type.arrayElementType().get()));
            return kept;
        }
        if (!(type instanceof Schema schema) || !value.isObject()) return value;
        ObjectNode kept = JSON.createObjectNode();
        for (BoundField field : schema.fields()) {
            if (field.def.type instanceof TaggedFields tagged) {
                for (Object tag : tagsOf(tagged).values()) keepField(value, (Field) tag, kept);
            } else {
                keepField(value, field.def, kept);
            }
        }
        return kept;
    }

    private static void keepField(JsonNode value, Field field, ObjectNode kept)
            throws ReflectiveOperationException {
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            if (snake(entry.getKey()).equals(field.name)) kept.set(entry.getKey(), keepKnown(entry.getValue(), field.type));
        }
    }

    private static Map<?, ?> tagsOf(TaggedFields tagged) throws ReflectiveOperationException {
        java.lang.reflect.Field fields = TaggedFields.class.getDeclaredField("fields");
        fields.setAccessible(true);
        return (Map<?, ?>) fields.get(tagged);
    }

    /** Schemas name fields in snake case, the JSON converters in camel case. */
    private static String snake(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase();
    }

    /** Bytes may differ between clients only if a newer one added tagged fields: that must be seen, not passed over. */
    private static void checkAgreement(String name, int version, JsonNode before, JsonNode now) {
        if (before == null || before.get("client").equals(now.get("client"))) return;
        for (String side : new String[] {"request", "response"}) {
            if (!before.get(side).get("hex").equals(now.get(side).get("hex")))
                System.err.println(name + " v" + version + ": the clients differ in the " + side);
        }
    }

    private static String kebab(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase();
    }
}
