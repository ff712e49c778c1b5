package io.busbar.itests.soak;

/** The namespace of the server: many topics with a model. */
final class Plant {
    private static final int OF_A_LINE = 500;

    private Plant() {}

    static String topic(int number) {
        return "plant/line" + number / OF_A_LINE + "/Metric/m" + number;
    }

    /** As the bootstrap file has it. */
    static String namespace(int topics) {
        StringBuilder json =
                new StringBuilder("[{\"name\":\"plant\",\"type\":\"PATH\",\"children\":[");
        for (int first = 0; first < topics; first += OF_A_LINE) {
            json.append(first == 0 ? "" : ",")
                    .append("{\"name\":\"line")
                    .append(first / OF_A_LINE)
                    .append("\",\"type\":\"PATH\",\"children\":[{\"name\":\"Metric\",")
                    .append("\"type\":\"PATH\",\"topicType\":\"METRIC\",\"children\":[");
            for (int i = first; i < Math.min(topics, first + OF_A_LINE); i++) {
                json.append(i == first ? "" : ",")
                        .append("{\"name\":\"m")
                        .append(i)
                        .append("\",\"type\":\"TOPIC\",\"topicType\":\"METRIC\",")
                        .append("\"fields\":[{\"name\":\"value\",\"type\":\"LONG\"}]}");
            }
            json.append("]}]}");
        }
        return json.append("]}]").toString();
    }
}
