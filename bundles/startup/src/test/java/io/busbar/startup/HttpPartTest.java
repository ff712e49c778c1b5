package io.busbar.startup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.osgi.service.servlet.runtime.dto.RequestInfoDTO;
import org.osgi.service.servlet.runtime.dto.RuntimeDTO;
import org.osgi.service.servlet.runtime.dto.ServletContextDTO;
import org.osgi.service.servlet.runtime.dto.ServletDTO;

class HttpPartTest {

    /** A web server with servlets at these patterns, each in a context of its own. */
    private static HttpServiceRuntime serving(String... patterns) {
        RuntimeDTO all = new RuntimeDTO();
        all.servletContextDTOs = new ServletContextDTO[patterns.length];
        for (int i = 0; i < patterns.length; i++) {
            ServletDTO servlet = new ServletDTO();
            servlet.patterns = new String[] {patterns[i]};
            ServletContextDTO context = new ServletContextDTO();
            context.servletDTOs = new ServletDTO[] {servlet};
            all.servletContextDTOs[i] = context;
        }
        return new HttpServiceRuntime() {
            @Override
            public RuntimeDTO getRuntimeDTO() {
                return all;
            }

            @Override
            public RequestInfoDTO calculateRequestInfoDTO(String path) {
                throw new UnsupportedOperationException(path);
            }
        };
    }

    @Test
    void withoutWebServer_nothingAnswers() {
        assertThat(HttpPart.API.answers(null)).isFalse();
    }

    @Test
    void webServer_thatHasOnlyThePages_doesNotHaveTheApi() {
        assertThat(HttpPart.API.answers(serving())).isFalse();
        assertThat(HttpPart.API.answers(serving("/"))).isFalse();
        assertThat(HttpPart.CONSOLE.answers(serving("/"))).isTrue();
    }

    @Test
    void api_answersOnceItsServletIsThere() {
        assertThat(HttpPart.API.answers(serving("/", "/api/v1/*"))).isTrue();
        assertThat(HttpPart.CONSOLE.answers(serving("/api/v1/*"))).isFalse();
    }
}
