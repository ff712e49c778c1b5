package io.busbar.startup;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * The keys of one bundle, read from its metatype documents: PID (or factory PID) to key to rule.
 * The annotations in the code are the only source of these documents.
 */
final class ConfigurationSchema {
    private final Map<String, Map<String, ConfigurationRule>> rules = new HashMap<>();

    /** Reads what a bundle declares. */
    static ConfigurationSchema of(Bundle bundle) throws IOException {
        ConfigurationSchema schema = new ConfigurationSchema();
        var documents = bundle.findEntries("OSGI-INF/metatype", "*.xml", false);
        for (URL document : documents == null ? List.<URL>of() : Collections.list(documents)) {
            try (InputStream in = document.openStream()) {
                schema.read(in);
            }
        }
        return schema;
    }

    /** The keys of a PID; null if the bundle does not declare it. */
    @Nullable Map<String, ConfigurationRule> keys(String pid) {
        return rules.get(pid);
    }

    /** Adds one metatype document. */
    void read(InputStream in) throws IOException {
        Element root;
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            root = factory.newDocumentBuilder().parse(in).getDocumentElement();
        } catch (ParserConfigurationException | SAXException problem) {
            throw new IOException("metatype document: " + problem.getMessage(), problem);
        }
        Map<String, Map<String, ConfigurationRule>> classes = new HashMap<>();
        for (Element type : children(root, "OCD")) {
            Map<String, ConfigurationRule> keys = new HashMap<>();
            for (Element attribute : children(type, "AD")) {
                keys.put(attribute.getAttribute("id"), rule(attribute));
            }
            classes.put(type.getAttribute("id"), keys);
        }
        for (Element designate : children(root, "Designate")) {
            String factory = designate.getAttribute("factoryPid");
            String pid = factory.isEmpty() ? designate.getAttribute("pid") : factory;
            for (Element object : children(designate, "Object")) {
                Map<String, ConfigurationRule> keys = classes.get(object.getAttribute("ocdref"));
                if (keys != null) {
                    rules.computeIfAbsent(pid, any -> new HashMap<>()).putAll(keys);
                }
            }
        }
    }

    private static ConfigurationRule rule(Element attribute) {
        List<String> options =
                children(attribute, "Option").stream().map(o -> o.getAttribute("value")).toList();
        String cardinality = attribute.getAttribute("cardinality");
        return new ConfigurationRule(
                attribute.getAttribute("type"),
                !cardinality.isEmpty() && !cardinality.equals("0"),
                number(attribute.getAttribute("min")),
                number(attribute.getAttribute("max")),
                options);
    }

    private static @Nullable Long number(String text) {
        return text.isEmpty() ? null : Long.valueOf(text);
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        NodeList nodes = parent.getElementsByTagName(name);
        for (int i = 0; i < nodes.getLength(); i++) {
            found.add((Element) nodes.item(i));
        }
        return found;
    }
}
