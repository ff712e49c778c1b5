package io.busbar.itests.architecture;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * What the annotations of all bundles declare: the only source of keys, defaults and descriptions.
 */
final class Metatype {

    /** One configurable component. */
    record Component(String title, String description, boolean factory, List<Key> keys) {}

    /** One key of a configuration file. */
    record Key(
            String name,
            String description,
            String defaultValue,
            String type,
            String min,
            String max) {}

    private Metatype() {}

    /** Our components by PID. */
    static Map<String, Component> read() throws Exception {
        Map<String, Component> components = new TreeMap<>();
        for (URL folder :
                Collections.list(
                        Metatype.class.getClassLoader().getResources("OSGI-INF/metatype"))) {
            if (folder.getProtocol().equals("file")) {
                readFolder(Path.of(folder.toURI()), components);
            } else {
                String jar = folder.toString();
                URI uri = URI.create(jar.substring(0, jar.indexOf('!')));
                try (FileSystem zip = FileSystems.newFileSystem(uri, Map.of())) {
                    readFolder(zip.getPath("OSGI-INF/metatype"), components);
                }
            }
        }
        return components;
    }

    private static void readFolder(Path folder, Map<String, Component> components)
            throws Exception {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(f -> f.toString().endsWith(".xml")).toList();
        }
        for (Path file : files) {
            readFile(file, components);
        }
    }

    private static void readFile(Path file, Map<String, Component> components) throws Exception {
        Element root = parse(file);
        NodeList designates = root.getElementsByTagName("Designate");
        for (int i = 0; i < designates.getLength(); i++) {
            Element designate = (Element) designates.item(i);
            boolean factory = designate.hasAttribute("factoryPid");
            String pid = designate.getAttribute(factory ? "factoryPid" : "pid");
            if (!pid.startsWith("io.busbar.")) {
                continue;
            }
            Element ocd = (Element) root.getElementsByTagName("OCD").item(0);
            List<Key> keys = new ArrayList<>();
            NodeList attributes = root.getElementsByTagName("AD");
            for (int j = 0; j < attributes.getLength(); j++) {
                Element attribute = (Element) attributes.item(j);
                keys.add(
                        new Key(
                                attribute.getAttribute("id"),
                                attribute.getAttribute("description"),
                                // Lists are escaped once more in metatype than in a file.
                                attribute.getAttribute("default").replace("\\", ""),
                                attribute.getAttribute("type"),
                                attribute.getAttribute("min"),
                                attribute.getAttribute("max")));
            }
            components.put(
                    pid,
                    new Component(
                            ocd.getAttribute("name"),
                            ocd.getAttribute("description"),
                            factory,
                            keys));
        }
    }

    private static Element parse(Path file) throws Exception {
        try (InputStream in = Files.newInputStream(file)) {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(in)
                    .getDocumentElement();
        } catch (IOException e) {
            throw new IOException("metatype " + file + ": " + e.getMessage(), e);
        }
    }
}
